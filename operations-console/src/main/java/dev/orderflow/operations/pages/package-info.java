/// The pages of the console, written on the server from templates (`src/main/jte`).
///
/// Guarantee: a page reads and changes through the same classes as the internal API, needs no
/// script to be read, and escapes every text that it did not write itself. Limit: a page shows what
/// the services say at that moment; where one does not respond, the page says so and shows the
/// rest.
@NullMarked
package dev.orderflow.operations.pages;

import org.jspecify.annotations.NullMarked;
