/// Time that can run faster than the wall clock, so that an outage of hours is tested in seconds.
@NullMarked
package dev.orderflow.localcloud.time;

import org.jspecify.annotations.NullMarked;
