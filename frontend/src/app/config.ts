// The address of the API is decided when the site is deployed, not when it is built.
export interface RuntimeConfig {
  api_url: string;
}

let current: RuntimeConfig = { api_url: '' };

export async function loadConfig(): Promise<RuntimeConfig> {
  const response = await fetch('/config.json', { cache: 'no-cache' });
  if (!response.ok) throw new Error(`config.json answered ${response.status}`);
  const body: unknown = await response.json();
  const address = (body as Partial<RuntimeConfig> | null)?.api_url;
  if (typeof address !== 'string') throw new Error('config.json has no api_url');
  current = { api_url: address.replace(/\/+$/, '') };
  return current;
}

export function apiUrl(): string {
  return current.api_url;
}
