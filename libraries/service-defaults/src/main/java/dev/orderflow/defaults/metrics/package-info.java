/// Which meters are published to CloudWatch, where each has a price.
@NullMarked
package dev.orderflow.defaults.metrics;

import org.jspecify.annotations.NullMarked;
