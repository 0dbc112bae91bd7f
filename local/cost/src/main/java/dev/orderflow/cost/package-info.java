/// What the system costs on AWS, reckoned from what a run of it was counted to use.
@NullMarked
package dev.orderflow.cost;

import org.jspecify.annotations.NullMarked;
