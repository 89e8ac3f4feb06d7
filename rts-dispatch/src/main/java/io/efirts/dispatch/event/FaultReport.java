// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.event;

import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.RuntimeService;
import java.util.List;

/**
 * What is known about a fault inside firmware.
 *
 * @param service the service that was called; null for a vendor's entry
 * @param vendorEntryPoint the vendor's entry, 0 for a service
 * @param threadName the thread it happened on
 * @param thrown what firmware threw; a {@link FirmwareFault} tells kind, address and access
 * @param nearestDescriptor the memory descriptor that contains the address, or the nearest one;
 *     null if the fault has no address or the context no memory map
 * @param likelyCause what such a fault usually means
 * @param explanation what the context knows about the address, line by line; possibly nothing
 */
public record FaultReport(
    RuntimeService service,
    long vendorEntryPoint,
    String threadName,
    Throwable thrown,
    EfiMemoryDescriptor nearestDescriptor,
    String likelyCause,
    List<String> explanation) {
  /** Copies the explanation. */
  public FaultReport {
    explanation = List.copyOf(explanation);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("fault in ");
    if (service == null) {
      text.append("vendor entry 0x").append(Long.toHexString(vendorEntryPoint));
    } else {
      text.append(service.efiName());
    }
    text.append(" on ").append(threadName).append(": ").append(thrown);
    if (nearestDescriptor != null) {
      text.append("; nearest ").append(nearestDescriptor);
    }
    text.append("; ").append(likelyCause);
    for (String line : explanation) {
      text.append("\n  ").append(line);
    }
    return text.toString();
  }
}
