import "@/lib/chat/no-eval";

import { DefaultChatTransport } from "ai";

import { apiFetch, ensureOk } from "@/lib/api/fetch";
import type { PlanStep } from "@/lib/plan/types";
import type { ChatMessage } from "./types";

interface Sending {
  id: string;
  messages: ChatMessage[];
  trigger: string;
  messageId?: string;
  /** What `sendMessage` was given beside the message. */
  body?: { plan?: PlanStep };
}

/** The body of `POST /api/chat`. The server keeps the conversation, so only the last message goes along. */
export function requestBody(
  sending: Sending,
  schemaId: string,
  conversationId: string | null,
): Record<string, unknown> {
  const { id, messages, trigger, messageId, body } = sending;
  return {
    id,
    trigger,
    ...(messageId === undefined ? {} : { messageId }),
    schema_id: schemaId,
    ...(conversationId === null ? {} : { conversation_id: conversationId }),
    messages: messages.slice(-1),
    ...(body?.plan === undefined ? {} : { plan: body.plan }),
  };
}

/** The way to the server for one conversation, which may get its id on the way. */
export class ChatLink {
  private listener: (id: string) => void = () => undefined;
  private accepted = false;

  readonly transport = new DefaultChatTransport<ChatMessage>({
    api: "/api/chat",
    fetch: async (input, init) => {
      this.accepted = false;
      const response = await ensureOk(await apiFetch(input, init));
      this.accepted = true;
      this.learn(response.headers.get("x-conversation-id"));
      return response;
    },
    prepareSendMessagesRequest: (request) => ({
      body: requestBody(request, this.schemaId, this.conversationId),
    }),
  });

  constructor(
    private readonly schemaId: string,
    private conversationId: string | null,
  ) {}

  /** `listener` hears the id of a new conversation, once. */
  listen(listener: (id: string) => void): void {
    this.listener = listener;
  }

  /** Whether the server has the last question, so that it can answer it again. */
  get hasQuestion(): boolean {
    return this.accepted && this.conversationId !== null;
  }

  learn(id: string | null | undefined): void {
    if (!id || this.conversationId === id) return;
    this.conversationId = id;
    this.listener(id);
  }
}
