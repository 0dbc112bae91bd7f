/// The cost of the system on AWS, calculated from the measured usage of a run.
///
/// It is a module beside local-run, whose running system it measures: a command and no test, so
/// that it is not below `tests`, although the system tests use it to hold the budget. Limit: prices
/// are list prices of one region and one month ([Prices]).
@NullMarked
package dev.orderflow.cost;

import org.jspecify.annotations.NullMarked;
