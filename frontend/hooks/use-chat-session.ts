"use client";

import "@/lib/chat/no-eval";

import { useChat } from "@ai-sdk/react";
import { useQueryClient } from "@tanstack/react-query";
import { lastAssistantMessageIsCompleteWithApprovalResponses } from "ai";
import { useCallback, useEffect, useState } from "react";

import { queryKeys } from "@/hooks/query-keys";
import { textOf } from "@/lib/chat/parts";
import { ChatLink } from "@/lib/chat/transport";
import type { ChatMessage, Status } from "@/lib/chat/types";

interface SessionOptions {
  schemaId: string;
  conversationId: string | null;
  initial: ChatMessage[];
  /** Told once, when the server has given a new conversation its id. */
  onConversation: (id: string) => void;
}

export type ChatSession = ReturnType<typeof useChatSession>;

/** One conversation: its messages, what is happening now, and how to go on. */
export function useChatSession({
  schemaId,
  conversationId,
  initial,
  onConversation,
}: SessionOptions) {
  const client = useQueryClient();
  const [status, setStatus] = useState<Status | null>(null);
  const [ending, setEnding] = useState<"stopped" | "cut" | null>(null);
  const [link] = useState(() => new ChatLink(schemaId, conversationId));
  useEffect(() => link.listen(onConversation), [link, onConversation]);

  const chat = useChat<ChatMessage>({
    messages: initial,
    transport: link.transport,
    experimental_throttle: 40,
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
    onData: (part) => {
      if (part.type === "data-status") setStatus(part.data as Status);
    },
    onFinish: ({ message, isAbort, isError, isDisconnect, finishReason }) => {
      setStatus(null);
      link.learn(message.metadata?.conversationId);
      if (isAbort) setEnding("stopped");
      else if (
        !isError &&
        !isDisconnect &&
        (finishReason === undefined || finishReason === "error")
      )
        setEnding("cut");
      void client.invalidateQueries({ queryKey: queryKeys.conversations() });
    },
    onError: () => setStatus(null),
  });

  const { messages, sendMessage, regenerate, clearError, stop } = chat;
  const ask = useCallback(
    (text: string) => {
      setEnding(null);
      clearError();
      void sendMessage({ text });
    },
    [sendMessage, clearError],
  );
  const retry = useCallback(() => {
    setEnding(null);
    clearError();
    const question = messages.findLast((m) => m.role === "user");
    if (link.hasQuestion || !question) void regenerate();
    else void sendMessage({ text: textOf(question), messageId: question.id });
  }, [link, messages, regenerate, sendMessage, clearError]);

  return {
    messages,
    busy: chat.status === "submitted" || chat.status === "streaming",
    error: chat.error,
    status,
    ending,
    ask,
    retry,
    stop,
    answerApproval: chat.addToolApprovalResponse,
  };
}
