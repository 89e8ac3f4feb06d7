// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.spec.EfiMemoryDescriptor;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rts pagetables}: the tables in which firmware would be called, made from a memory map. */
@Command(
    name = "pagetables",
    description = {
      "Shows the page tables in which firmware is called, made from a memory map: every region at"
          + " its physical address and at a virtual one, before or after SetVirtualAddressMap.",
      "What is not used of the input is named on standard error, with the reason."
    },
    footer = {
      "",
      "A memory map has one of three forms, which its first region tells apart:",
      "* TYPE PHYSICAL VIRTUAL PAGES ATTRIBUTES in each line: a number or a name of",
      "  UEFI's, then numbers, decimal or 0xHEX. VIRTUAL is 0 where there is none.",
      "  # begins a comment.",
      "* efi: memNN: [...] range=[...] (NMB), Linux's boot log with efi=debug.",
      "* The first form, VIRTUAL nowhere 0: the regions that another kernel has",
      "  mapped. All of them are mapped, but at other addresses unless --successor.",
      "  On arm64 each must have RUNTIME.",
      "Of the first two forms, regions with RUNTIME and boot services memory are",
      "mapped; on arm64 the latter at its physical address only. The tables lie in",
      "memory of their own, which seems to begin at 1 MiB.",
      "",
      "A granule above 4 KiB can hold parts of several regions, or of one and of",
      "memory that is not firmware's. It is mapped as a whole, with each permission",
      "that a part needs and the weakest of their memory types; every such granule is",
      "shown. An entry of the attributes that is not of whole granules is not used.",
      "",
      "JSON: {regions: [{type, physicalAddress, virtualAddress, pages, attribute}],",
      "mappings: [{start, end, physicalAddress, pageSize, permissions, cache}]}, with",
      "--explain also explanation, an array of lines. With a granule above 4 KiB also",
      "sharedGranules: [{physicalAddress, bytes, permissions, cache, foreignBytes,",
      "breaksWriteXorExecute, parts: [{type, region, physicalAddress, pages,",
      "permissions, cache}]}]: how a granule is mapped, how much of it is no region's,",
      "whether it is writable and executable although no part should be, and how each",
      "part would be mapped alone; region is the physicalAddress of the part's region.",
      "Addresses and attributes are text in hex; virtualAddress is 0x0 where there is",
      "none; pages are of 4 KiB; end is the last address, inclusive; pageSize is in",
      "bytes; cache is WB, WT, WC, WP or UC, on arm64 WC for Normal memory that is not",
      "cached and UC for Device memory."
    })
final class PagetablesCommand implements Runnable {
  @Mixin private FormatOptions formatOptions;

  @Option(
      names = "--memmap",
      required = true,
      paramLabel = "FILE",
      description = "The memory map, in any of the forms below.")
  private Path memmap;

  @Option(
      names = "--attributes",
      paramLabel = "FILE",
      description = {
        "Firmware's memory attributes table, in the first form below. It takes effect with --after,"
            + " else it is only checked."
      })
  private Path attributes;

  @Option(
      names = "--after",
      description = {
        "After SetVirtualAddressMap: without boot services memory, and with the permissions that"
            + " the memory attributes table leaves."
      })
  private boolean after;

  @Option(
      names = "--successor",
      description = "Map at the map's virtual addresses, as a kernel started by kexec has to.")
  private boolean successor;

  @Option(
      names = "--explain",
      paramLabel = "ADDRESS",
      converter = AddressConverter.class,
      description = {
        "Show also every entry on the way to this virtual address, what it permits, and the"
            + " descriptor it came from."
      })
  private Long explained;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private HelpOption help;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    TableFormat format = formatOptions.format();
    PrintWriter err = spec.commandLine().getErr();
    MemoryMapFile file = MemoryMapFile.read(memmap);
    RuntimePermissions permissions =
        attributes == null
            ? RuntimePermissions.unrestricted()
            : AttributesFile.read(attributes).permissions(file.map(), format.granuleBytes(), err);
    ShownTables tables = make(format, file, permissions);
    report(tables.withoutPlace(), err);
    if (json) {
      JsonOutput.print(spec.commandLine().getOut(), PagetablesSummary.of(tables));
    } else {
      new PagetablesText(spec.commandLine().getOut(), format).print(tables, after);
    }
  }

  private ShownTables make(TableFormat format, MemoryMapFile file, RuntimePermissions permissions) {
    if (successor && file.form() == MemoryMapForm.BOOT_LOG) {
      throw new CliException(
          memmap + ": a boot log has no virtual addresses, which --successor needs");
    }
    TableInput input =
        new TableInput(
            file,
            successor,
            after ? permissions : null,
            explained == null ? null : new VirtualAddress(explained));
    try {
      return TablesInMemory.make(format, input, TablesInMemory.MAXIMUM_BYTES);
    } catch (IllegalArgumentException e) {
      throw new CliException(memmap + ": " + e.getMessage(), e);
    }
  }

  private void report(List<EfiMemoryDescriptor> withoutPlace, PrintWriter err) {
    for (EfiMemoryDescriptor region : withoutPlace) {
      CommandErrors.print(
          err,
          memmap
              + ": mapped at its physical address only, because "
              + (successor ? "the map gives it no virtual one" : "the window has no room")
              + ": physicalAddress="
              + HexText.of(region.physicalStart())
              + ", pages="
              + region.numberOfPages());
    }
  }
}
