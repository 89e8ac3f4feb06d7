// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.policy;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.RuntimeServices;
import io.efirts.api.spec.EfiTimeHolder;

/** Tells whether a new firmware instance can be trusted, before anybody else may call it. */
@FunctionalInterface
public interface FirmwareProbe {
  /**
   * Reads the clock and asks for the free storage: firmware that answers both, whatever it says,
   * passes. Changes nothing.
   */
  FirmwareProbe READ_ONLY =
      services -> {
        CallResult time = services.getTime(new EfiTimeHolder(), null);
        CallResult info =
            services.queryVariableInfo(7, new LongHolder(), new LongHolder(), new LongHolder());
        return answered(time) && answered(info);
      };

  /**
   * Tries the instance. Runs on one of the dispatcher's own threads and may block; each call has
   * the policy's deadline. What it throws counts as a failure.
   *
   * @param services the new instance, and nothing else
   * @return true if it may serve
   */
  boolean passes(RuntimeServices services);

  private static boolean answered(CallResult result) {
    return result.outcome() == Outcome.COMPLETED || result.outcome() == Outcome.UNSUPPORTED;
  }
}
