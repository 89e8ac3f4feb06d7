// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import java.util.List;

/**
 * The parameters of a runtime service in call order: the one description from which packer and
 * unpacker both work. Immutable, for any thread; nothing blocks, {@link #parameter} allocates
 * nothing.
 *
 * @param parameters the parameters, unmodifiable
 */
public record ServiceSignature(List<ServiceParameter> parameters) {
  /** The most parameters a service has. */
  public static final int MAXIMUM_PARAMETERS = 5;

  /**
   * Copies the parameters.
   *
   * @throws IllegalArgumentException when there are more than {@link #MAXIMUM_PARAMETERS}
   * @throws NullPointerException when the list or one of its parameters is null
   */
  public ServiceSignature {
    SpecChecks.requireGiven(parameters, "parameters");
    for (ServiceParameter parameter : parameters) {
      SpecChecks.requireGiven(parameter, "parameter");
    }
    parameters = List.copyOf(parameters);
    SpecChecks.requireWithin(parameters.size(), 0, MAXIMUM_PARAMETERS, "parameterCount");
  }

  static ServiceSignature of(ServiceParameter... parameters) {
    return new ServiceSignature(List.of(parameters));
  }

  /**
   * Returns how many argument words a call has.
   *
   * @return 1 to {@link #MAXIMUM_PARAMETERS} for every runtime service
   */
  public int parameterCount() {
    return parameters.size();
  }

  /**
   * Returns one parameter.
   *
   * @param index the place in the call, from 0
   * @return the parameter
   * @throws IndexOutOfBoundsException when there is none at that place
   */
  public ServiceParameter parameter(int index) {
    if (index < 0 || index >= parameters.size()) {
      throw new IndexOutOfBoundsException(
          "index must name a parameter: index=" + index + ", parameterCount=" + parameters.size());
    }
    return parameters.get(index);
  }
}
