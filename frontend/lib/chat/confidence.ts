import { formatNumber } from "@/lib/format";

/** The service tells readings from here on without a warning (`answer.threshold`, crates/agent/src/reading/confidence.json). */
const SURE_ENOUGH = 0.7;

/** How likely an answer is right, in words; null where that cannot be told. */
export function confidenceWords(confidence: number | null | undefined): string | null {
  if (confidence === null || confidence === undefined || !(confidence >= 0)) return null;
  // No estimate gives this; the service says it of the reading that was picked when it asked back.
  if (confidence >= 1) return "You picked this reading of your question.";
  // Rounded down, so that the number never says more than the word; the sum is for 0.29 * 100 = 28.999….
  const percent = Math.max(1, Math.floor(confidence * 100 + 1e-9));
  const number = formatNumber(percent);
  const source = "by questions with known answers.";
  return confidence >= SURE_ENOUGH
    ? `Likely right: ${number} in 100, ${source}`
    : `Unsure: right in only ${number} of 100, ${source} Look at the SQL before you rely on it.`;
}
