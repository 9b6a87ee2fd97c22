// Serves dist/ the way a static host should: fallback to index.html for the app's own paths,
// immutable caching of hashed files, a content security policy, and /config.json from the
// environment. Usage: WEB_PORT=5173 API_URL=http://127.0.0.1:8080 node scripts/serve.mjs
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';

const root = process.env.WEB_ROOT ?? fileURLToPath(new URL('../dist', import.meta.url));
const port = Number(process.env.WEB_PORT ?? 5173);
const host = process.env.WEB_HOST ?? '127.0.0.1';
const apiUrl = process.env.API_URL ?? `http://127.0.0.1:${process.env.API_PORT ?? 8080}`;

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
};
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  // The component kit writes its theme variables into a style element.
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  `connect-src 'self' ${new URL(apiUrl).origin}`,
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

createServer((request, response) => {
  const headers = {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cache-Control': 'no-cache',
  };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { ...headers, Allow: 'GET, HEAD' }).end();
    return;
  }
  let path;
  try {
    path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
  } catch {
    response.writeHead(400, headers).end();
    return;
  }
  if (path === '/config.json') {
    response.writeHead(200, { ...headers, 'Content-Type': types['.json'] });
    response.end(JSON.stringify({ api_url: apiUrl }));
    return;
  }
  // normalize() of an absolute path never climbs above it, so the file stays under root.
  let file = join(root, normalize(path));
  if (path.startsWith('/.') || !existsSync(file) || !statSync(file).isFile()) {
    if (extname(path) !== '') {
      response.writeHead(404, headers).end();
      return;
    }
    file = join(root, 'index.html');
  }
  const type = types[extname(file)] ?? 'application/octet-stream';
  headers['Content-Type'] = type;
  if (path.startsWith('/assets/')) headers['Cache-Control'] = 'public, max-age=31536000, immutable';
  const squeeze =
    /text|json|svg/.test(type) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  if (squeeze) {
    headers['Content-Encoding'] = 'gzip';
    headers.Vary = 'Accept-Encoding';
  }
  response.writeHead(200, headers);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const source = createReadStream(file);
  source.on('error', () => response.destroy());
  (squeeze ? source.pipe(createGzip()) : source).pipe(response);
}).listen(port, host, () => {
  process.stdout.write(`Satu Pintu on http://${host}:${port}, API at ${apiUrl}\n`);
});
