import { rasterize } from "@/lib/chat/chart-image";
import { downloadBlob } from "@/lib/chat/download";
import { fileName } from "./definition";
import type { EdgeData } from "./flow";
import { drawGraph, type Box, type Colours, type Measure } from "./graph-image";

const SCALE = 2;
/** Browsers draw nothing on larger canvases. */
const MAX_SIDE = 12_000;
const MAX_AREA = 80_000_000;

const NAMES: Record<keyof Colours, string> = {
  background: "--background",
  card: "--card",
  header: "--muted",
  border: "--input",
  text: "--foreground",
  muted: "--muted-foreground",
  key: "--key",
  reference: "--reference",
};

/** Saves the graph as it stands, in the page's colours; false where the browser cannot draw it. */
export async function saveGraph(
  boxes: Box[],
  edges: EdgeData[],
  name: string,
  format: "png" | "svg",
): Promise<boolean> {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!context) return false;
  const measure: Measure = (text, font) => {
    context.font = font;
    return context.measureText(text).width;
  };
  const { svg, width, height } = drawGraph(boxes, edges, coloursOf(context), measure);
  if (format === "svg") {
    downloadBlob(new Blob([svg], { type: "image/svg+xml" }), fileName(name, "svg"));
    return true;
  }
  const scale = Math.min(
    SCALE,
    MAX_SIDE / Math.max(width, height),
    Math.sqrt(MAX_AREA / (width * height)),
  );
  const png = await rasterize(svg, width, height, scale);
  if (png) downloadBlob(png, fileName(name, "png"));
  return png !== null;
}

/** The page's colours in a form that every program reads. */
function coloursOf(context: CanvasRenderingContext2D): Colours {
  const style = getComputedStyle(document.documentElement);
  const resolve = (name: string) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = style.getPropertyValue(name).trim();
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
    return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  };
  const entries = Object.entries(NAMES).map(([part, name]) => [part, resolve(name)]);
  return Object.fromEntries(entries) as unknown as Colours;
}
