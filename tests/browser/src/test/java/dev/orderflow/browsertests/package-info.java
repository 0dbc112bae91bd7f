/// Journeys of operators through the pages of the console, in Chromium, and what holds for every
/// page: no serious finding of axe in light and dark, no error on the browser's console, no
/// violation of the Content Security Policy.
///
/// The facts on a page have tests of their own in operations-console, which need no browser. Here
/// is only what a browser decides: scripts, focus, colours, redirections between two sites.
@NullMarked
package dev.orderflow.browsertests;

import org.jspecify.annotations.NullMarked;
