"use client";

import { useMutation } from "@tanstack/react-query";
import { ArrowRightIcon, LaptopIcon, LoaderCircleIcon } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect } from "react";

import { ErrorState } from "@/components/error-state";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { useAuthConfig, useAuthStatus, useLocalSignIn } from "@/hooks/use-auth";
import { api, unwrap } from "@/lib/api/client";
import type { AuthConfig } from "@/lib/api/types";
import { callbackUri, rememberNext } from "@/lib/sign-in";

interface SignInProps {
  /** A path of this site, already checked. */
  next: string;
  className?: string;
}

/** The one way in that this server offers; somebody signed in already just goes on. */
export function SignIn({ next, className }: SignInProps) {
  const config = useAuthConfig();
  const status = useAuthStatus({ silent: true });

  if (config.isError) {
    return (
      <ErrorState
        title="The server does not answer"
        error={config.error}
        onRetry={() => void config.refetch()}
        className={className}
      />
    );
  }
  if (!config.data || status.isPending) {
    return <Skeleton className="h-11 w-60 max-w-full" />;
  }
  if (status.data?.is_authenticated) {
    return (
      <Button asChild size="lg" className={className}>
        <Link href={next}>
          Open the portal <ArrowRightIcon />
        </Link>
      </Button>
    );
  }
  return config.data.mode === "local" ? (
    <LocalButton next={next} className={className} />
  ) : (
    <ProviderButton next={next} className={className} config={config.data} />
  );
}

function LocalButton({ next, className }: SignInProps) {
  const router = useRouter();
  const signIn = useLocalSignIn();
  const isBusy = signIn.isPending || signIn.isSuccess;
  return (
    <>
      <Button
        size="lg"
        className={className}
        disabled={isBusy}
        // The button is gone once the status is known anew; its own callbacks would go with it.
        onClick={() =>
          void signIn.mutateAsync(undefined).then(
            () => router.push(next),
            () => {},
          )
        }
      >
        {isBusy ? <LoaderCircleIcon className="animate-spin" /> : <LaptopIcon />}
        Continue on this computer
      </Button>
      {signIn.isError && <ErrorState title="The sign-in did not work" error={signIn.error} />}
    </>
  );
}

function ProviderButton({ next, className, config }: SignInProps & { config: AuthConfig }) {
  const provider = config.provider_name ?? "your account";
  const start = useMutation({
    mutationFn: () =>
      unwrap(
        api.GET("/api/auth/google/start", { params: { query: { redirect_uri: callbackUri() } } }),
      ),
    onSuccess: ({ authorization_url }) => {
      rememberNext(next);
      window.location.assign(authorization_url);
    },
  });
  const { reset } = start;
  useEffect(() => {
    // Back from the provider the browser may show this page as it was left: busy.
    const onShow = (event: PageTransitionEvent) => {
      if (event.persisted) reset();
    };
    window.addEventListener("pageshow", onShow);
    return () => window.removeEventListener("pageshow", onShow);
  }, [reset]);
  const isBusy = start.isPending || start.isSuccess;
  return (
    <>
      <Button size="lg" className={className} disabled={isBusy} onClick={() => start.mutate()}>
        {isBusy && <LoaderCircleIcon className="animate-spin" />}
        Sign in with {provider}
      </Button>
      {start.isError && (
        <ErrorState title={`The sign-in with ${provider} cannot begin`} error={start.error} />
      )}
    </>
  );
}
