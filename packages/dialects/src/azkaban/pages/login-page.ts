import type { Exchange } from '../exchange.js';
import { sendPage } from './page.js';

/**
 * Clients know this page by its text: the closing comment, and the script line with two blanks before it. Keep both to
 * the letter, and out of every other page.
 */
const FORM = `<div class="login">
  <form id="login-form" method="post" action="/">
    <p id="error-msg" class="error" role="alert"></p>
    <label>Username <input type="text" id="username" name="username" autocomplete="username" autofocus></label>
    <label>Password <input type="password" id="password" name="password" autocomplete="current-password"></label>
    <button type="submit" id="login-submit">Log in</button>
  </form>
</div><!-- /.login -->`;
const SCRIPTS = `  <script type="text/javascript" src="/js/azkaban/view/login.js"></script>\n`;

export function sendLoginPage(exchange: Exchange): void {
  sendPage(exchange, { content: FORM, scripts: SCRIPTS });
}
