package io.redmesh.autoconfigure.inbound;

/** Tests of servlets that call with a RestClient. */
class BlockingServletRelayTests extends RelayedFailureContract {

	@Override
	String type() {
		return "servlet";
	}

	@Override
	String style() {
		return "/blocking";
	}

}
