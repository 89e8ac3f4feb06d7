// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.read;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.RuntimeServices;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.pstore.format.CrashVariable;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Erases crash records: SetVariable without data under the exact name. Erasing what is not there is
 * success, so whoever does not know how an erasure ended may repeat it.
 *
 * <p>Any thread may use it. Blocks like the {@link RuntimeServices} it calls.
 */
public final class CrashEraser {
  private final RuntimeServices services;

  /**
   * An eraser.
   *
   * @param services what to call
   */
  public CrashEraser(RuntimeServices services) {
    this.services = Objects.requireNonNull(services, "services");
  }

  /**
   * Erases a record.
   *
   * @param record what to erase
   * @return EFI_SUCCESS if it is no longer there; otherwise as firmware or dispatcher answered
   */
  public CallResult erase(CrashRecord record) {
    CallResult result =
        services.setVariable(
            record.name().text(),
            CrashVariable.GUID,
            CrashVariable.ATTRIBUTES,
            0,
            MemorySegment.NULL);
    boolean gone =
        result.outcome() == Outcome.COMPLETED && result.status().equals(EfiStatus.NOT_FOUND);
    return gone ? CallResult.completed(EfiStatusCode.SUCCESS) : result;
  }

  /**
   * Erases a dump, its oldest part first, so that what a failure leaves is the end of the log.
   *
   * @param dump what to erase
   * @return EFI_SUCCESS if all its records are gone; otherwise the answer for the first that is
   *     not, and those behind it were not tried
   */
  public CallResult erase(CrashDump dump) {
    CallResult result = CallResult.completed(EfiStatusCode.SUCCESS);
    for (CrashRecord part : dump.parts().reversed()) {
      result = erase(part);
      if (!result.isSuccess()) {
        return result;
      }
    }
    return result;
  }
}
