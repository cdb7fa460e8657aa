package io.redmesh.autoconfigure.inbound;

/** The decision whether a request is served. */
sealed interface Decision permits Admitted, Refusal {

}
