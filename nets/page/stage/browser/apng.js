/**
 * Animated PNG: several PNG images of one size in one file, one after the other, for ever.
 *
 * The format: https://www.w3.org/TR/png-3/ (acTL, fcTL and fdAT). The first image is an ordinary
 * PNG, so a program that knows no animation shows that one.
 */

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const [LENGTH, NAME, CHECK] = [4, 4, 4]; // bytes around the content of a chunk

/**
 * Join images of one size.
 *
 * @param {Uint8Array[]} images PNG files.
 * @param delay ms for which an image is shown.
 * @returns {Uint8Array} the file.
 */
export function animate(images, delay) {
  const parts = images.map(chunksOf);
  const find = (chunks, name) => chunks.filter((chunk) => chunk.name === name);
  const [header] = find(parts[0], "IHDR");
  const size = header.content.slice(0, 8); // width and height
  let number = 0; // of the next chunk of the animation
  const file = [Uint8Array.from(SIGNATURE), write("IHDR", header.content)];
  file.push(write("acTL", numbers(images.length, 0))); // 0: it never ends
  parts.forEach((chunks, i) => {
    const times = Uint8Array.from([delay >> 8, delay & 255, 1000 >> 8, 1000 & 255, 0, 0]);
    file.push(write("fcTL", join([numbers(number++), size, numbers(0, 0), times])));
    for (const { content } of find(chunks, "IDAT"))
      file.push(i ? write("fdAT", join([numbers(number++), content])) : write("IDAT", content));
  });
  file.push(write("IEND", new Uint8Array()));
  return join(file);
}

/** Read the chunks of a PNG file. */
function chunksOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = [];
  for (let at = SIGNATURE.length; at < bytes.length; ) {
    const length = view.getUint32(at);
    const begin = at + LENGTH + NAME;
    const name = String.fromCharCode(...bytes.slice(at + LENGTH, begin));
    chunks.push({ name, content: bytes.slice(begin, begin + length) });
    at = begin + length + CHECK;
  }
  return chunks;
}

function write(name, content) {
  const named = join([Uint8Array.from(name, (letter) => letter.charCodeAt(0)), content]);
  return join([numbers(content.length), named, numbers(checksum(named))]);
}

/** Write whole numbers of four bytes each. */
function numbers(...values) {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => view.setUint32(4 * i, value));
  return new Uint8Array(view.buffer);
}

function join(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The remainder of each byte in the division that PNG uses as its check (CRC-32). */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
  return byte;
});

function checksum(bytes) {
  let rest = 0xffffffff;
  for (const byte of bytes) rest = REMAINDERS[(rest ^ byte) & 255] ^ (rest >>> 8);
  return (rest ^ 0xffffffff) >>> 0;
}
