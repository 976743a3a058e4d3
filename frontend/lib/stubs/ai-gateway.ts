/** Takes the place of `@ai-sdk/gateway` in the page: the chat talks to our own server alone. */
export class GatewayError extends Error {}
export class GatewayAuthenticationError extends GatewayError {}

export const gateway = undefined;

export function createGateway(): never {
  throw new GatewayError("There is no gateway in the page.");
}
