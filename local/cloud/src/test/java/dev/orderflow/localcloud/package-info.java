/// The cloud as a whole: its structure, its alarms, and what it does with hostile input.
@NullMarked
package dev.orderflow.localcloud;

import org.jspecify.annotations.NullMarked;
