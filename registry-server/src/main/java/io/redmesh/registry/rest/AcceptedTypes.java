package io.redmesh.registry.rest;

import java.util.Comparator;
import java.util.List;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** The media types that a caller accepts, from the values of {@code Accept}. */
final class AcceptedTypes {

	// Spring's own comparison of specificity puts quality first.
	private static final Comparator<MediaType> MOST_SPECIFIC = Comparator.comparing(MediaType::isWildcardType)
		.thenComparing(MediaType::isWildcardSubtype)
		.thenComparing(MediaType::getQualityValue, Comparator.reverseOrder());

	private static final List<MediaType> ALL = List.of(MediaType.ALL);

	private final List<MediaType> ranges;

	private AcceptedTypes(List<MediaType> ranges) {
		this.ranges = ranges;
	}

	/**
	 * Parses the header.
	 * @param accept its values
	 * @return the types; all if there is no value, none if a value is malformed
	 */
	static AcceptedTypes of(List<String> accept) {
		try {
			List<MediaType> ranges = MediaType.parseMediaTypes(accept);
			return new AcceptedTypes(ranges.isEmpty() ? ALL : ranges);
		}
		catch (InvalidMediaTypeException ex) {
			return new AcceptedTypes(List.of());
		}
	}

	/**
	 * Returns the quality of a response type: that of the most specific range (RFC 9110,
	 * 12.5.1). Of equal ranges the greatest counts. Parameters are ignored.
	 * @param type the type
	 * @return 0 to 1; 0 if it is not accepted
	 */
	double quality(MediaType type) {
		return this.ranges.stream()
			.filter(type::isCompatibleWith)
			.min(MOST_SPECIFIC)
			.map(MediaType::getQualityValue)
			.orElse(0.0);
	}

}
