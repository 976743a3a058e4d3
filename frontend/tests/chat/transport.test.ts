import { afterEach, describe, expect, it, vi } from "vitest";
import { ChatLink, requestBody } from "@/lib/chat/transport";
import type { ChatMessage } from "@/lib/chat/types";

const message = (id: string): ChatMessage => ({
  id,
  role: "user",
  parts: [{ type: "text", text: id }],
});

afterEach(() => vi.unstubAllGlobals());

describe("transport", () => {
  it("sends only the last message, with the ids of the data and the conversation", () => {
    const sending = { id: "x", messages: [message("a"), message("b")], trigger: "submit-message" };
    expect(requestBody(sending, "s1", null)).toEqual({
      id: "x",
      trigger: "submit-message",
      schema_id: "s1",
      messages: [message("b")],
    });
    expect(requestBody({ ...sending, messageId: "m" }, "s1", "c1")).toMatchObject({
      conversation_id: "c1",
      messageId: "m",
    });
  });

  it("sends a plan beside the words that say it", () => {
    const plan = { document: { any: "thing" }, changes: [{ remove: "group.0" }] };
    const sending = { id: "x", messages: [message("a")], trigger: "submit-message" };
    expect(requestBody({ ...sending, body: { plan } }, "s1", "c1")).toMatchObject({
      messages: [message("a")],
      plan,
    });
    expect(requestBody({ ...sending, body: {} }, "s1", "c1")).not.toHaveProperty("plan");
  });

  it("tells the id of a new conversation once", () => {
    const link = new ChatLink("s1", null);
    const heard = vi.fn();
    link.listen(heard);
    for (const id of ["c9", "c9", null, undefined]) link.learn(id);
    expect(heard.mock.calls).toEqual([["c9"]]);
  });

  it("turns a refusal of the server into its words", async () => {
    const body = { detail: "Wait 10 seconds.", code: "rate_limited", status: 429 };
    vi.stubGlobal("fetch", () =>
      Promise.resolve(new Response(JSON.stringify(body), { status: 429 })),
    );
    const sent = new ChatLink("s1", null).transport.sendMessages({
      chatId: "x",
      messages: [message("a")],
      trigger: "submit-message",
      messageId: undefined,
      abortSignal: undefined,
    });
    await expect(sent).rejects.toThrow("Wait 10 seconds.");
  });
});
