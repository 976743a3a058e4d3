/** The contract's types under the names the pages use; the one place that knows where they come from. */
export type * from "@/types/api-draft";
