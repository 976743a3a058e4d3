import { downloadBlob } from "./download";

const STYLES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "font-size",
  "font-weight",
  "font-family",
  "opacity",
  "text-anchor",
];
const SCALE = 2;

/** Saves the chart inside `box` as a file that looks the same without the page's styles. */
export async function saveChart(
  box: HTMLElement,
  name: string,
  format: "png" | "svg",
): Promise<void> {
  const source = box.querySelector<SVGSVGElement>("svg.recharts-surface");
  if (!source) return;
  const { width, height } = source.getBoundingClientRect();
  const background = getComputedStyle(
    box.closest("[data-slot=card]") ?? document.body,
  ).backgroundColor;
  const svg = standalone(source, width, height, background);
  const blob = new Blob([svg], { type: "image/svg+xml" });
  if (format === "svg") return downloadBlob(blob, `${name}.svg`);
  const png = await rasterize(svg, width, height);
  if (png) downloadBlob(png, `${name}.png`);
}

function standalone(
  source: SVGSVGElement,
  width: number,
  height: number,
  background: string,
): string {
  const copy = source.cloneNode(true) as SVGSVGElement;
  const originals = source.querySelectorAll<SVGElement>("*");
  copy.querySelectorAll<SVGElement>("*").forEach((element, i) => {
    const original = originals[i];
    if (!original) return;
    const computed = getComputedStyle(original);
    for (const property of STYLES)
      element.style.setProperty(property, computed.getPropertyValue(property));
  });
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  paper.setAttribute("width", "100%");
  paper.setAttribute("height", "100%");
  paper.setAttribute("fill", background);
  copy.prepend(paper);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  return new XMLSerializer().serializeToString(copy);
}

/** The drawing as a PNG, `scale` points for each of its own. */
export async function rasterize(
  svg: string,
  width: number,
  height: number,
  scale = SCALE,
): Promise<Blob | null> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.scale(scale, scale);
  context.drawImage(image, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
