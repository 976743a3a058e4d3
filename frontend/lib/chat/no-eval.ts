import { config } from "zod/v4/core";

// The page's policy forbids code made from text; zod, which the chat stream is checked with, tries that otherwise.
config({ jitless: true });
