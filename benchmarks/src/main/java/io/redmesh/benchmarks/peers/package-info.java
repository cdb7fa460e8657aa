/**
 * The registry compared with Eureka and ZooKeeper, by one load generator on one machine.
 */
@NullMarked
package io.redmesh.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
