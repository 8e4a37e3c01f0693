// Rules beyond what `tsc` sees; `tests/browser/test_script.py` runs them.
export default [
  {
    files: ["*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: { setTimeout: "readonly", setInterval: "readonly" } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-restricted-properties": ["error", ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({ property, message: "Text is set as text, never as markup." }))],
      "no-restricted-globals": ["error", "localStorage", "indexedDB", "event", "name"],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-script-url": "error",
      "no-unused-vars": "error",
      "no-var": "error",
      "prefer-const": "error",
      "prefer-template": "error",
      eqeqeq: "error",
      "no-shadow": "error",
      complexity: ["error", 14],
      "max-lines": ["error", 300],
    },
  },
];
