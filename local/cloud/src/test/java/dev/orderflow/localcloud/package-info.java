/// The cloud as a whole: its structure, its alarms, and hostile input.
@NullMarked
package dev.orderflow.localcloud;

import org.jspecify.annotations.NullMarked;
