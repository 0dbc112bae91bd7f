/// Which meters go to CloudWatch, where each costs money.
@NullMarked
package dev.orderflow.defaults.metrics;

import org.jspecify.annotations.NullMarked;
