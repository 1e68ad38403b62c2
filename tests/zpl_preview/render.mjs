// Draws labels: [{zpl, width_mm, height_mm, dots_per_mm}] on stdin, PNGs in base64 on stdout.
import { readFileSync } from "node:fs";
import { ready } from "zpl-renderer-js";

const { api } = await ready;
const pictures = [];
for (const label of JSON.parse(readFileSync(0, "utf-8"))) {
  const size = [label.width_mm, label.height_mm, label.dots_per_mm];
  pictures.push(await api.zplToBase64Async(label.zpl, ...size));
}
process.stdout.write(JSON.stringify(pictures), () => process.exit(0));
