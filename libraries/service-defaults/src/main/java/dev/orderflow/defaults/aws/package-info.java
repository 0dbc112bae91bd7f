/// DNS caching and time-outs of calls to AWS.
@NullMarked
package dev.orderflow.defaults.aws;

import org.jspecify.annotations.NullMarked;
