import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where the gateway listens while the console is developed. */
const gateway = process.env['SALLYPORT_GATEWAY'] ?? 'http://127.0.0.1:4000';
const proxied = ['/graphql', '/auth', '/catalogue.json', '/audit/', '/log/', '/live'];

export default defineConfig({
  plugins: [react()],
  resolve: { dedupe: ['react', 'react-dom', '@mui/material', '@emotion/react', '@emotion/cache', '@tanstack/react-query'] },
  build: { outDir: 'dist', emptyOutDir: true, sourcemap: false, target: 'es2023', assetsInlineLimit: 0, reportCompressedSize: true },
  server: { proxy: Object.fromEntries(proxied.map((path) => [path, { target: gateway, changeOrigin: true, headers: { origin: gateway } }])) },
});
