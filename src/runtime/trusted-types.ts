// What a page needs that lets scripts come from trusted addresses only (`require-trusted-types-for 'script'`). Workers are the only
// ones that inpage starts; their addresses are those of its own files.

/** The part of Trusted Types that is used: https://www.w3.org/TR/trusted-types/ */
interface TrustedTypePolicies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
}

const rules = { createScriptURL: ownAddress };

let policy: ReturnType<TrustedTypePolicies['createPolicy']> | undefined;

function trustedTypes(): TrustedTypePolicies | undefined {
  return (globalThis as { trustedTypes?: TrustedTypePolicies }).trustedTypes;
}

/** @throws TypeError for an address of another origin, which no worker can come from */
function ownAddress(url: string): string {
  const { origin } = globalThis.location;
  if (new URL(url, globalThis.location.href).origin !== origin) throw new TypeError(`${url} is not an address of ${origin}.`);
  return url;
}

/** The address of a worker, as the policy `inpage` vouches for it where the browser asks for that. */
export function trustedScript(url: URL): URL {
  const policies = trustedTypes();
  if (!policies) return url;
  policy ??= policies.createPolicy('inpage', rules);
  return policy.createScriptURL(url.href) as URL;
}

/** Lets the libraries of this worker start their threads from addresses of this origin, by the policy `default`. */
export function trustOwnScripts(): void {
  try {
    trustedTypes()?.createPolicy('default', rules);
  } catch {
    // The site names the policies that it allows, and this is not one of them: a library that needs it says so itself.
  }
}
