/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '~': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2022',
    manifest: true,
    cssCodeSplit: true,
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What the signed-in frame is made of stays together: many small chunks compress worse than one.
          groups: [
            {
              name: 'base',
              test: /node_modules\/(react|react-dom|scheduler|use-sync-external-store|i18next|react-i18next|html-parse-stringify|void-elements)\//,
              priority: 2,
            },
            {
              name: 'frame',
              test: /node_modules\/(@tanstack|@floating-ui|react-remove-scroll|@mantine\/(hooks|core\/esm\/(core|components\/(Modal|ModalBase|Popover|FocusTrap|Overlay|Portal|OptionalPortal|Transition|Button|ActionIcon|CloseButton|Input|InputBase|TextInput|UnstyledButton|Paper|Loader|ScrollArea|Menu|Tooltip|Floating|RemoveScroll|Box|VisuallyHidden))))\//,
            },
          ],
        },
      },
    },
  },
  server: { host: '127.0.0.1', port: 5173, strictPort: true },
  preview: { host: '127.0.0.1', port: 5173, strictPort: true },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test-setup.ts'],
    restoreMocks: true,
  },
});
