/// Tells open pages that what they show has changed, so that they read it again.
///
/// Guarantee: a stream that is ready reports every later change of its topics, at the latest after
/// the interval of the topic; however many pages are open, an instance reads each topic once per
/// interval, and nothing while no page is open. Limit: a change that is undone between two reads is
/// not reported, and a topic that cannot be read with the key for machines is not watched; pages
/// read themselves again once a minute in any case.
@NullMarked
package dev.orderflow.operations.live;

import org.jspecify.annotations.NullMarked;
