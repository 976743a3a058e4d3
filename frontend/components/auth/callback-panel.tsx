"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleXIcon, LoaderCircleIcon } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";

import { SignIn } from "@/components/auth/sign-in-button";
import { Button } from "@/components/ui/button";
import { useAuthConfig } from "@/hooks/use-auth";
import { api, unwrap } from "@/lib/api/client";
import { ApiError, errorMessage } from "@/lib/api/error";
import {
  callbackUri,
  providerProblem,
  readCallback,
  serverProblem,
  takeNext,
  type CallbackParameters,
  type CallbackProblem,
} from "@/lib/sign-in";

function exchange({ code, state, iss }: CallbackParameters) {
  return unwrap(
    api.POST("/api/auth/google/callback", {
      body: {
        code: code ?? "",
        state: state ?? "",
        redirect_uri: callbackUri(),
        ...(iss ? { iss } : {}),
      },
    }),
  );
}

function callbackProblem(
  parameters: CallbackParameters | null,
  error: unknown,
  provider: string,
): CallbackProblem | null {
  if (parameters?.error) return providerProblem(parameters.error, provider);
  if (parameters && (!parameters.code || !parameters.state))
    return serverProblem(400, "", provider);
  if (!error) return null;
  return serverProblem(error instanceof ApiError ? error.status : 0, errorMessage(error), provider);
}

/** Ends the sign-in that began at the provider: hands its code to the server, then goes on. */
export function CallbackPanel() {
  const router = useRouter();
  const queryClient = useQueryClient();
  const provider = useAuthConfig().data?.provider_name ?? "The provider";
  const [parameters, setParameters] = useState<CallbackParameters | null>(null);
  const [next, setNext] = useState("/portal");
  const hasStarted = useRef(false);
  const finish = useMutation({ mutationFn: exchange });
  const { mutate } = finish;

  useEffect(() => {
    // A code works once; React runs effects twice in development.
    if (hasStarted.current) return;
    hasStarted.current = true;
    const read = readCallback(window.location.search);
    const target = takeNext();
    // The code must not stay in the history.
    window.history.replaceState(null, "", window.location.pathname);
    queueMicrotask(() => {
      setParameters(read);
      setNext(target);
    });
    if (read.error || !read.code || !read.state) return;
    mutate(read, {
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: ["auth"] });
        router.replace(target);
      },
    });
  }, [mutate, queryClient, router]);

  const problem = callbackProblem(parameters, finish.error, provider);
  if (!problem) {
    return (
      <div role="status" className="flex items-center gap-3 py-6">
        <LoaderCircleIcon aria-hidden="true" className="size-5 animate-spin text-primary" />
        <div>
          <h1 className="font-semibold">Signing you in</h1>
          <p className="text-muted-foreground">Checking what {provider} told us.</p>
        </div>
      </div>
    );
  }
  return (
    <div role="alert" className="grid gap-5">
      <div className="grid gap-2">
        <CircleXIcon aria-hidden="true" className="size-6 text-destructive" />
        <h1 className="text-xl font-semibold">{problem.title}</h1>
        <p className="text-muted-foreground">{problem.detail}</p>
      </div>
      <SignIn next={next} className="w-full" />
      <Button asChild variant="ghost">
        <Link href="/">Back to the start</Link>
      </Button>
    </div>
  );
}
