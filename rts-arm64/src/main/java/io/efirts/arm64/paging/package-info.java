// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Page tables as arm64 processors walk them (VMSAv8-64, stage 1): bytes in frames of guest memory.
 *
 * <p>Place in the data path: below every access of a firmware that runs in an arm64 context. {@link
 * io.efirts.arm64.paging.PageTables} is the address space; {@link
 * io.efirts.arm64.paging.PagingMode} says which {@link io.efirts.arm64.paging.Granule} and how many
 * levels it has, {@link io.efirts.arm64.paging.EntryBits} what its entries are made of, {@link
 * io.efirts.arm64.paging.MairTypes} how memory types are told, and {@link
 * io.efirts.arm64.paging.Syndrome} why an access failed.
 *
 * <p>The embedder gives frames ({@link io.efirts.api.paging.FrameAllocator}) and reaches the
 * processors ({@link io.efirts.arm64.paging.TlbFlush}). The host has its own range of addresses and
 * its own root (TTBR1_EL1), so that nothing of it is copied here.
 *
 * <p>A change is planned before it is made: {@code MapRange} and {@code EditRange} look at every
 * entry they are going to touch, then obtain all frames, then store. What must not change from one
 * valid entry to another is broken by the change ({@code BrokenEntries}) and made by its token
 * ({@code PendingFlush}). Entries that a processor may cache as one change together ({@code
 * ContiguousRuns}). Levels are the architecture's: 3 is the level of pages, the root has the
 * smallest number.
 *
 * <p>Sections are those of the Arm Architecture Reference Manual for A-profile (DDI 0487).
 */
package io.efirts.arm64.paging;
