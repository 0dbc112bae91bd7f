/// A person decides on orders above the limit while their workflow waits.
///
/// Guarantee: the first decision counts and is never forgotten: it is stored with its audit record
/// before the workflow hears of it, and told to the workflow until it was taken. A customer who
/// cancels meanwhile is heard, too. Limit: who decided is what the caller says; the internal
/// API key is all that is checked. A decision that comes after the workflow stopped waiting
/// changes nothing.
@NullMarked
package dev.orderflow.order.approval;

import org.jspecify.annotations.NullMarked;
