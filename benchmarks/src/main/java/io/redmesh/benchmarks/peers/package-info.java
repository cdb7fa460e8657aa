/**
 * The registry beside Eureka and ZooKeeper: one load generator, one machine.
 */
@NullMarked
package io.redmesh.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
