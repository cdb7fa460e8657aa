package io.redmesh.core.traffic.document;

import java.time.Duration;

import io.redmesh.core.traffic.FaultRule;
import io.redmesh.core.traffic.Percentage;
import org.jspecify.annotations.Nullable;

/** A reader of {@code fault}. Without a percentage, no request is affected. */
final class FaultReader {

	private FaultReader() {
	}

	static @Nullable FaultRule read(Node node) {
		return node.read((fields) -> {
			FaultRule.Delay delay = fields.get("delay").read(FaultReader::delay);
			FaultRule.Abort abort = fields.get("abort").read(FaultReader::abort);
			return (delay != null || abort != null) ? new FaultRule(delay, abort) : null;
		});
	}

	private static FaultRule.@Nullable Delay delay(Fields fields) {
		fields.unsupported("exponentialDelay", "write a fixedDelay");
		Node node = fields.require("fixedDelay");
		Duration duration = node.duration();
		if (duration != null) {
			node.expect(!duration.isZero(), "at least 1ms");
		}
		Percentage percentage = percentage(fields);
		return (duration != null) ? new FaultRule.Delay(duration, percentage) : null;
	}

	private static FaultRule.@Nullable Abort abort(Fields fields) {
		fields.unsupported("grpcStatus", "calls of this mesh are HTTP calls; write an httpStatus");
		fields.unsupported("http2Error", "write an httpStatus");
		int status = fields.require("httpStatus").integer(200, 599, 0);
		Percentage percentage = percentage(fields);
		return (status != 0) ? new FaultRule.Abort(status, percentage) : null;
	}

	private static Percentage percentage(Fields fields) {
		fields.oneOf("percentage", "percent");
		Percentage percentage = PercentageReader.read(fields.get("percentage"), Percentage.NONE);
		return new Percentage(fields.deprecated("percent", "percentage").number(0, 100, percentage.value()));
	}

}
