/// A clock that can run faster than the wall clock, so that tests cover an outage of hours in
/// seconds.
@NullMarked
package dev.orderflow.localcloud.time;

import org.jspecify.annotations.NullMarked;
