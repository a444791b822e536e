// What web.mjs gives to the tests.
export interface WebServer {
  readonly address: string;
  stop(): void;
}
export interface WebOptions {
  readonly extension: string;
  readonly folder: string;
  readonly port?: number;
  readonly quiet?: boolean;
}
export function serveWeb(options: WebOptions): Promise<WebServer>;
export function freePort(wanted?: number): Promise<number>;
