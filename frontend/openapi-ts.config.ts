import { defineConfig } from '@hey-api/openapi-ts';

export default defineConfig({
  input: process.env.OPENAPI ?? '../openapi/openapi.json',
  output: { path: process.env.OPENAPI_OUT ?? 'src/api/gen', clean: true },
  plugins: ['@hey-api/typescript'],
});
