package io.redmesh.core.traffic.document;

import java.util.ArrayList;
import java.util.List;

import io.redmesh.core.traffic.DestinationKey;
import io.redmesh.core.traffic.Mirror;
import io.redmesh.core.traffic.Percentage;
import org.jspecify.annotations.Nullable;

/** A reader of {@code mirror} and {@code mirrors}. */
final class MirrorReader {

	private static final String NOT_YET = "requests are not mirrored yet";

	private final HostReader hosts;

	MirrorReader(HostReader hosts) {
		this.hosts = hosts;
	}

	List<Mirror> read(Fields http) {
		List<Mirror> mirrors = new ArrayList<>();
		http.unsupported("mirror", NOT_YET);
		http.unsupported("mirrors", NOT_YET);
		http.oneOf("mirror", "mirrors");
		Percentage percentage = percentage(http);
		add(mirrors, http.get("mirror").read(this.hosts::destination), percentage);
		for (Node item : http.get("mirrors").items()) {
			item.read((fields) -> {
				DestinationKey key = fields.require("destination").read(this.hosts::destination);
				add(mirrors, key, PercentageReader.read(fields.get("percentage"), Percentage.ALL));
				return null;
			});
		}
		return mirrors;
	}

	private static Percentage percentage(Fields http) {
		http.oneOf("mirrorPercentage", "mirrorPercent");
		Percentage percentage = PercentageReader.read(http.get("mirrorPercentage"), Percentage.ALL);
		return new Percentage(http.deprecated("mirrorPercent", "mirrorPercentage").number(0, 100, percentage.value()));
	}

	private static void add(List<Mirror> mirrors, @Nullable DestinationKey key, Percentage percentage) {
		if (key != null && percentage.value() > 0) {
			mirrors.add(new Mirror(key, percentage));
		}
	}

}
