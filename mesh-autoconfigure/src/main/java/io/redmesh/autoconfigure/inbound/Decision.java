package io.redmesh.autoconfigure.inbound;

/** Whether a request is served. */
sealed interface Decision permits Admitted, Refusal {

}
