/// DNS caching and time-outs of calls to AWS.
@NullMarked
package dev.orderflow.defaults.network;

import org.jspecify.annotations.NullMarked;
