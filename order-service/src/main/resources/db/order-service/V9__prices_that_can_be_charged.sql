-- A price is set only if the payment gateway can charge it: what ChargeCurrency, TextLine and Sku of contracts say,
-- once more for whoever sets prices by SQL. A test holds both to the same values. Articles that were here before are
-- not looked at; order-service does not sell those that are not valid.
ALTER TABLE article
    ADD CONSTRAINT sku_is_well_formed CHECK (sku ~ '^[A-Z0-9][A-Z0-9-]{0,39}$') NOT VALID,
    ADD CONSTRAINT name_is_short_and_on_one_line CHECK (
        char_length(name) BETWEEN 1 AND 200 AND btrim(name) <> '' AND name !~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029]')
        NOT VALID,
    ADD CONSTRAINT currency_is_charged CHECK (currency IN (
        'AED', 'AFN', 'ALL', 'AMD', 'AOA', 'ARS', 'AUD', 'AWG', 'AZN', 'BAM', 'BBD', 'BDT', 'BHD', 'BIF', 'BMD', 'BND',
        'BOB', 'BRL', 'BSD', 'BWP', 'BYN', 'BZD', 'CAD', 'CDF', 'CHF', 'CLP', 'CNY', 'COP', 'CRC', 'CVE', 'CZK', 'DJF',
        'DKK', 'DOP', 'DZD', 'EGP', 'ETB', 'EUR', 'FJD', 'FKP', 'GBP', 'GEL', 'GIP', 'GMD', 'GNF', 'GTQ', 'GYD', 'HKD',
        'HNL', 'HTG', 'HUF', 'IDR', 'ILS', 'INR', 'ISK', 'JMD', 'JOD', 'JPY', 'KES', 'KGS', 'KHR', 'KMF', 'KRW', 'KWD',
        'KYD', 'KZT', 'LAK', 'LBP', 'LKR', 'LRD', 'LSL', 'MAD', 'MDL', 'MGA', 'MKD', 'MMK', 'MNT', 'MOP', 'MUR', 'MVR',
        'MWK', 'MXN', 'MYR', 'MZN', 'NAD', 'NGN', 'NIO', 'NOK', 'NPR', 'NZD', 'OMR', 'PAB', 'PEN', 'PGK', 'PHP', 'PKR',
        'PLN', 'PYG', 'QAR', 'RON', 'RSD', 'RUB', 'RWF', 'SAR', 'SBD', 'SCR', 'SEK', 'SGD', 'SHP', 'SLE', 'SOS', 'SRD',
        'SZL', 'THB', 'TJS', 'TND', 'TOP', 'TRY', 'TTD', 'TWD', 'TZS', 'UAH', 'UGX', 'USD', 'UYU', 'UZS', 'VND', 'VUV',
        'WST', 'XAF', 'XCD', 'XOF', 'XPF', 'YER', 'ZAR', 'ZMW')) NOT VALID,
    ADD CONSTRAINT price_is_more_than_nothing CHECK (amount > 0) NOT VALID,
    -- Three-decimal currencies end in 0 at the gateway.
    ADD CONSTRAINT price_is_in_charged_units CHECK (amount = round(amount, CASE
        WHEN currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'UGX', 'VND',
                          'VUV', 'XAF', 'XOF', 'XPF') THEN 0
        ELSE 2 END)) NOT VALID,
    ADD CONSTRAINT price_can_be_charged_at_once CHECK (amount <= CASE
        WHEN currency = 'IDR' THEN 9999999999.99
        WHEN currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'VND', 'VUV', 'XAF',
                          'XOF', 'XPF') THEN 99999999
        WHEN currency IN ('BHD', 'JOD', 'KWD', 'OMR', 'TND') THEN 99999.99
        ELSE 999999.99 END) NOT VALID;
