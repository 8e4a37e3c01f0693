// Colours of a municipality, made readable: WCAG 2.2 asks for a contrast of 4.5 to 1.

const LIGHT = "#ffffff";
const DARK = "#151b22";
const ENOUGH = 4.5;

/**
 * Red, green and blue from 0 to 255; null for what is no colour such as #7a0019.
 * @param {string} color
 * @returns {number[] | null}
 */
function channels(color) {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color.trim());
  return found && found.slice(1).map((part) => parseInt(part, 16));
}

/**
 * Relative luminance after WCAG 2.2.
 * @param {number[]} rgb
 */
function luminance(rgb) {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * The contrast of two colours, from 1 to 21.
 * @param {string} one
 * @param {string} other
 */
export function contrast(one, other) {
  const [high, low] = [one, other].map((color) => luminance(channels(color) ?? [0, 0, 0])).sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

/**
 * The colour, moved towards black or white as far as it takes to be read on a ground.
 * @param {string} color
 * @param {string} ground
 */
function readable(color, ground) {
  const goal = contrast(ground, "#000000") > contrast(ground, "#ffffff") ? 0 : 255;
  for (let share = 0; share <= 1; share += 0.05) {
    const mixed = /** @type {number[]} */ (channels(color)).map((part) => Math.round(part + (goal - part) * share));
    const found = `#${mixed.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
    if (contrast(found, ground) >= ENOUGH) return found;
  }
  return goal ? "#ffffff" : "#000000";
}

/**
 * A municipality's colour for a light and a dark ground, and what can be read upon each; null for no colour.
 * @param {string} color
 */
export function accents(color) {
  if (!channels(color)) return null;
  // A little more than the ground itself asks for: it is also read on the tinted ground of a message.
  const [light, dark] = [readable(color, "#e9eef2"), readable(color, "#25303a")];
  const upon = (/** @type {string} */ ground) => (contrast(ground, LIGHT) >= contrast(ground, DARK) ? LIGHT : DARK);
  return { light, dark, onLight: upon(light), onDark: upon(dark) };
}
