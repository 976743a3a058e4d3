"use client";

import "@/lib/chat/no-eval";

import { useChat } from "@ai-sdk/react";
import { useQueryClient } from "@tanstack/react-query";
import { generateId, lastAssistantMessageIsCompleteWithApprovalResponses } from "ai";
import { useCallback, useEffect, useState } from "react";

import { queryKeys } from "@/hooks/query-keys";
import { textOf } from "@/lib/chat/parts";
import { ChatLink } from "@/lib/chat/transport";
import type { ChatMessage, Status } from "@/lib/chat/types";
import type { PlanStep } from "@/lib/plan/types";

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
  const [refused, setRefused] = useState(false);
  const [sent, setSent] = useState<{ id: string; text: string; plan?: PlanStep } | null>(null);
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
    onError: () => {
      setStatus(null);
      setRefused(!link.hasQuestion);
    },
  });

  const { messages, sendMessage, regenerate, clearError, stop } = chat;
  /** The question that the server never got: the next one stands in its place. */
  const unsent = refused ? sent : null;
  const unsentId = unsent?.id;
  const send = useCallback(
    (text: string, plan?: PlanStep, replaced = unsentId) => {
      const id = replaced ?? generateId();
      const message = replaced === undefined ? { id } : { messageId: id };
      setEnding(null);
      setRefused(false);
      setSent({ id, text, plan });
      clearError();
      void sendMessage(
        { ...message, role: "user", parts: [{ type: "text", text }] },
        { body: plan && { plan } },
      );
    },
    [sendMessage, clearError, unsentId],
  );
  const ask = useCallback((text: string) => send(text), [send]);
  const retry = useCallback(() => {
    const question = messages.findLast((m) => m.role === "user");
    if (question && !link.hasQuestion) {
      send(textOf(question), sent?.id === question.id ? sent.plan : undefined, question.id);
      return;
    }
    setEnding(null);
    setSent(null);
    clearError();
    void regenerate();
  }, [link, messages, sent, regenerate, send, clearError]);
  const { addToolApprovalResponse } = chat;
  const answerApproval = useCallback(
    (id: string, approved: boolean) => {
      setSent(null);
      void addToolApprovalResponse({ id, approved });
    },
    [addToolApprovalResponse],
  );

  return {
    messages,
    busy: chat.status === "submitted" || chat.status === "streaming",
    error: chat.error,
    status,
    ending,
    /** The words of a question that the server never got; null for a step made by hand. */
    unsent: unsent && !unsent.plan ? unsent.text : null,
    ask,
    /** Asks with a plan made by hand; the text says it in words. */
    step: send,
    retry,
    stop,
    answerApproval,
  };
}
